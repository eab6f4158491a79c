"""infogan_lite: InfoGAN in a few readable modules.

Read them in this order: codes, information, networks, training, metrics, traversals.
"""
