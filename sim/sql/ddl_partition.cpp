#include "sim/model/sql_text.h"
#include "sim/sql/ddl.h"

namespace midflight::sql {
namespace {

std::string datum_text(const Node* datum) {
  if (datum->node_case == PG_QUERY__NODE__NODE_COLUMN_REF) {  // the grammar takes MINVALUE for a name
    const std::string name = column_name(*datum->column_ref).name;
    return name == "minvalue" ? "MINVALUE" : name == "maxvalue" ? "MAXVALUE" : name;
  }
  if (datum->node_case != PG_QUERY__NODE__NODE_PARTITION_RANGE_DATUM) return expression_text(datum);
  const PgQuery__PartitionRangeDatum& range = *datum->partition_range_datum;
  if (range.kind == PG_QUERY__PARTITION_RANGE_DATUM_KIND__PARTITION_RANGE_DATUM_MINVALUE) return "MINVALUE";
  if (range.kind == PG_QUERY__PARTITION_RANGE_DATUM_KIND__PARTITION_RANGE_DATUM_MAXVALUE) return "MAXVALUE";
  return expression_text(range.value);
}

std::string list_text(Node* const* data, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out.append(i == 0 ? "(" : ", ").append(datum_text(data[i]));
  return out + ")";
}

std::string strategy_words(const std::string& strategy) {
  if (strategy == "l" || strategy == "list") return "LIST";
  return strategy == "h" || strategy == "hash" ? "HASH" : "RANGE";
}

}  // namespace

std::string bound_text(const PgQuery__PartitionBoundSpec& bound) {
  if (bound.is_default) return "DEFAULT";
  if (bound.n_listdatums > 0) return "FOR VALUES IN " + list_text(bound.listdatums, bound.n_listdatums);
  if (bound.n_lowerdatums > 0) {
    return "FOR VALUES FROM " + list_text(bound.lowerdatums, bound.n_lowerdatums) + " TO " +
           list_text(bound.upperdatums, bound.n_upperdatums);
  }
  return "FOR VALUES WITH (MODULUS " + std::to_string(bound.modulus) + ", REMAINDER " + std::to_string(bound.remainder) + ")";
}

void fill_partition_key(const PgQuery__PartitionSpec& spec, Table& table) {
  table.kind = TableKind::Partitioned;
  std::string elements;
  for (std::size_t i = 0; i < spec.n_part_params; ++i) {
    const PgQuery__PartitionElem& element = *spec.part_params[i]->partition_elem;
    const bool plain = element.name != nullptr && *element.name != '\0';
    if (plain) add_once(table.partition_columns, element.name);
    for (const std::string& column : columns_in(element.expr)) add_once(table.partition_columns, column);
    elements.append(elements.empty() ? "" : ", ").append(plain ? sql_identifier(element.name) : "(" + expression_text(element.expr) + ")");
  }
  table.partition_key = strategy_words(spec.strategy) + " (" + elements + ")";
}

}  // namespace midflight::sql
