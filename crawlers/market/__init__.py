"""The practice marketplace: a small web shop over HTTP whose truth is known to its maker alone."""
