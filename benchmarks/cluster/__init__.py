"""Two instances of our server beside two of Hocuspocus, around the same Redis."""
