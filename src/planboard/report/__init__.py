"""What a Solution looks like: in the terminal (`text`) and as one HTML file (`html`)."""
