"""What is looked at: sheets of pictures, and results against one yardstick."""
