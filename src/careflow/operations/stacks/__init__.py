"""What is deployed on AWS: described, refused where it cannot be, told apart in sentences, priced.

Pure data and text. The templates themselves are made by ``infra/``, in a process of its own.
"""
