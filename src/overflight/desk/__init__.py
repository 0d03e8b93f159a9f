"""The desk in the browser: pages and the JSON API, over the same case, log and release as the commands."""
