"""Clean a folder of scraped news, find every copy in it, machine-spun ones included."""
