"""The monthly report and review: who is drawn, what is said in the hall, how the jury scores, what follows."""
