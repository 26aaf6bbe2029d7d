#include <pybind11/pybind11.h>

#include "midflight_version.h"
#include "python/bindings/bind_errors.h"
#include "python/bindings/bind_predictions.h"
#include "python/bindings/bind_scenario.h"
#include "python/bindings/bind_verbs.h"
#include "python/bindings/columns.h"

PYBIND11_MODULE(_core, m) {
  m.doc() = "The C++ core of midflight; use the package midflight instead.";
  m.attr("version") = MIDFLIGHT_VERSION;
  midflight::python::bind_errors(m);
  midflight::python::bind_columns(m);
  midflight::python::bind_scenario(m);
  midflight::python::bind_predictions(m);
  midflight::python::bind_verbs(m);
}
