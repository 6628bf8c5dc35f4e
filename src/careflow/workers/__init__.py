"""Celery workers: processes beside the API that do its jobs, told by a broker which are due."""
