"""What pages and the API show: plain data out of the rooms below, nothing of HTTP or HTML."""
