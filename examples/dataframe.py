"""A day of candles as a DataFrame: python3 examples/dataframe.py [address of the server]. Needs pandas."""
import os
import sys

import pandas as pd

url = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:4000"
headers = {"Accept": "text/csv"}
if "DYNAMICS_TOKEN" in os.environ:
    headers["Authorization"] = f"Bearer {os.environ['DYNAMICS_TOKEN']}"
asked = "candles?cells=BTC/USDT,ETH/BTC&every=1m&from=now-1d"
candles = pd.read_csv(f"{url}/{asked}", storage_options=headers, index_col="start", parse_dates=True)
print(candles.tail())
