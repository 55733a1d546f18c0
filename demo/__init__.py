"""The demonstration behind ``make demo``: a sample project, and JupyterLab or a check of the same steps on it."""
