"""overflight: the open desk for flights of proliferation concern."""

__version__ = "0.1.0"
