"""Plans and what is made of them as folders on disk: written whole, and read back."""
