"""The portfolio as one page to read, mail and print: Portfolio.html."""
