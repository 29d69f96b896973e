"""The backend `hopfield` of networkx: its functions, each as good as networkx' own or better."""
