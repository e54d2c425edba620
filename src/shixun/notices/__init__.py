"""What people are told: messages on the site, and their way out by e-mail, SMS and WeChat.

Owns notices, the registry of their kinds, contact points, wishes of the recipients, deliveries with their state; reads
people; asks nobody. Rooms above call ``actions.send`` inside their own transaction. Requirements: RW-07.
"""
