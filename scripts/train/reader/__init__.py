"""The plate reader: data feeds, network, training, scoring and export."""
