"""What crosses between the core and a platform: frozen values, opaque string ids, no platform name."""
