"""What solves and installs."""
