"""What the desk reports: the yearly report to its governing body, and the figures of its website.

Imports core and libraries, never store, mail, net, config or publish. Whatever is heavy is loaded when it is needed.
"""
