"""Files that nobody would write, and what has to hold for each: ``make fuzz``, in short ``test_envfile_fuzz``."""
