"""The database: what its Protocols promise, and what lies behind them."""
