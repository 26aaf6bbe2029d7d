#pragma once

#include <pybind11/pybind11.h>

namespace midflight::python {

/// plan(), check(), replay() and inspect() of the core; results cross as text or JSON.
void bind_verbs(pybind11::module_& m);

}  // namespace midflight::python
