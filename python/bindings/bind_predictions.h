#pragma once

#include <pybind11/pybind11.h>

namespace midflight::python {

/// strategies(), compare() and simulate(); the latter two return the JSON of
/// the command line as text.
///
/// Threads: other Python threads run meanwhile; Ctrl-C stops a prediction.
void bind_predictions(pybind11::module_& m);

}  // namespace midflight::python
