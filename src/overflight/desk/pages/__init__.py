"""Pages of the desk, one module for each; what they show comes from `overflight.desk.views`."""
