"""Associative memories: store patterns, recall them from cues, say honestly what was recalled."""

from hopfield_opt.memory.associative import AssociativeMemory
from hopfield_opt.memory.bipartite import BipartiteMemory
from hopfield_opt.memory.continuous import ContinuousMemory, attention
from hopfield_opt.memory.dense import DenseAssociativeMemory
from hopfield_opt.memory.dense_energy import DenseEnergy
from hopfield_opt.memory.recall import Recall
from hopfield_opt.memory.sequences import DelayedSequence
from hopfield_opt.memory.spiking import SpikeResponse, SpikingMemory

__all__ = [
    "AssociativeMemory",
    "BipartiteMemory",
    "ContinuousMemory",
    "DelayedSequence",
    "DenseAssociativeMemory",
    "DenseEnergy",
    "Recall",
    "SpikeResponse",
    "SpikingMemory",
    "attention",
]
