"""The JSON API, one module for each topic; what it gives comes from `overflight.desk.views`."""
