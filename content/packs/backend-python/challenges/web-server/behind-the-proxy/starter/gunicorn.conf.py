# Settings of Gunicorn: python -m gunicorn app:application reads this file on its own.
bind = "0.0.0.0:8000"
workers = 1
