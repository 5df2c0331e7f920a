"""The local preview: builds into a folder of its own, serves it, and builds again after each change."""
