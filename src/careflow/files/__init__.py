"""Uploads and other large content, encrypted, named by HMAC; adapters chosen in composition."""
