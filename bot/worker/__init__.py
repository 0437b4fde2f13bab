"""The clock side: what is due is planned on the ledger, claimed, sent and recorded."""
