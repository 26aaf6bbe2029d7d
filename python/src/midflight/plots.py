"""Pictures: interactive in Jupyter, saved as HTML, SVG and PNG with ``chart.save(path)``.

Colours can be told apart without seeing red or green, and lines and text show
on white and on dark pages alike: the background is the page's own.
"""

from ._plot_comparison import comparison, prediction_error
from ._plot_latency import latency
from ._plot_sweep import heatmap
from ._plot_timeline import timeline

__all__ = ["comparison", "heatmap", "latency", "prediction_error", "timeline"]
