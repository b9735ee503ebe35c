"""All writing of people, posts, logins and tokens."""
