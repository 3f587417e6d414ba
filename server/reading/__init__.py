"""Articles, people and the list of articles as pages that need no program in the browser."""
