#include "python/bindings/columns.h"

#include <pybind11/stl.h>

namespace py = pybind11;

namespace midflight::python {

namespace {

/// One column's memory, for Python's buffer protocol: NumPy, Arrow and others
/// look at it without a copy, whatever their version.
struct Buffer {
  std::shared_ptr<const Table> owner;
  const void* data;
  py::ssize_t item_bytes, items;
  std::string format;
};

py::buffer_info info_of(const Buffer& b) {
  return {const_cast<void*>(b.data), b.item_bytes, b.format, 1, {b.items}, {b.item_bytes}, /*readonly=*/true};
}

struct BufferOf {
  const std::shared_ptr<const Table>& owner;

  template <class T>
  py::object operator()(const std::vector<T>& values) const {
    return py::cast(Buffer{owner, values.data(), sizeof(T), static_cast<py::ssize_t>(values.size()),
                           py::format_descriptor<T>::format()});
  }
  py::object operator()(const Flags& flags) const {
    return py::cast(Buffer{owner, flags.values.data(), 1, static_cast<py::ssize_t>(flags.values.size()), "?"});
  }
  py::object operator()(const Names& names) const { return py::make_tuple((*this)(names.codes), names.names); }
  py::object operator()(const Coded& coded) const { return py::make_tuple((*this)(coded.codes), coded.names); }
};

}  // namespace

void Names::add(const std::string& name) {
  const auto [at, fresh] = known_.emplace(name, static_cast<std::int32_t>(names.size()));
  if (fresh) names.push_back(name);
  codes.push_back(at->second);
}

Coded::Coded(std::vector<std::uint16_t> given, const std::vector<std::string>& given_names) : codes(std::move(given)) {
  Names unique;
  for (const std::string& name : given_names) unique.add(name);
  names = unique.names;
  if (names.size() == given_names.size()) return;
  for (std::uint16_t& code : codes) code = static_cast<std::uint16_t>(unique.codes[code]);
}

py::dict buffers_of(const std::shared_ptr<const Table>& table) {
  py::dict buffers;
  for (const auto& [name, column] : *table) buffers[py::str(name)] = std::visit(BufferOf{table}, column);
  return buffers;
}

void bind_columns(py::module_& m) {
  py::class_<Buffer>(m, "Buffer", py::buffer_protocol()).def_buffer(&info_of);
}

}  // namespace midflight::python
