"""Writing registers out as xlsx, csv or json, as streams of bytes."""
