#pragma once

#include <pybind11/pybind11.h>

namespace midflight::python {

/// midflight.Error with one subclass for every ErrorCode: BadInput,
/// NotSupported, DatabaseError, OutputError, Interrupted.
///
/// `problems` of an instance is a list of (file, line, column, message); lines
/// and columns count from 1, 0 is unknown.
void bind_errors(pybind11::module_& m);

}  // namespace midflight::python
