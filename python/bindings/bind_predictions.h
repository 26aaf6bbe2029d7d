#pragma once

#include <pybind11/pybind11.h>

namespace midflight::python {

/// compare(), simulate() and requests() of the core, class Result with the
/// reports and frames of a prediction, and class Stop.
///
/// Threads: other Python threads run meanwhile; Ctrl-C stops a prediction.
void bind_predictions(pybind11::module_& m);

}  // namespace midflight::python
