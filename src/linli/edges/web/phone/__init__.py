"""The phone of grid workers and concern reporters: a page that works without a network, and what it sends later."""
