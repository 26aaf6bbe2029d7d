#include "sim/sql/tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "sim/sql/nesting.h"

namespace midflight::sql {
namespace {

constexpr std::size_t kBlockBytes = 64 * 1024;
constexpr std::size_t kTextBytesMax = 64 * 1024 * 1024;

void* arena_allocate(void* arena, std::size_t bytes) { return static_cast<Arena*>(arena)->allocate(bytes); }
void arena_free(void*, void*) {}

ProtobufCAllocator allocator(Arena& arena) { return {arena_allocate, arena_free, &arena}; }

std::size_t byte_of_character(std::string_view text, int character) {
  std::size_t byte = 0;
  for (int seen = 1; seen < character && byte < text.size(); ++seen) {
    do ++byte; while (byte < text.size() && (static_cast<unsigned char>(text[byte]) & 0xC0U) == 0x80U);
  }
  return byte;
}

void check_bytes(std::string_view text, const Position& where) {
  if (text.size() > kTextBytesMax) throw Error(ErrorCode::BadInput, "the SQL text is larger than 64 MB", where);
  const std::size_t nul = text.find('\0');
  if (nul != std::string_view::npos) {
    throw Error(ErrorCode::BadInput, "the SQL text contains a NUL byte", position_in(text, nul, where));
  }
  check_encoding(text, where);
  check_nesting(text, where);
}

struct ParseDeleter {
  void operator()(PgQueryProtobufParseResult* result) const {
    pg_query_free_protobuf_parse_result(*result);
    delete result;
  }
};

[[noreturn]] void throw_syntax_error(std::string_view text, const PgQueryError& error, const Position& where) {
  const std::size_t byte = error.cursorpos > 0 ? byte_of_character(text, error.cursorpos) : 0;
  throw Error(ErrorCode::BadInput, fmt::format("{}: this is not PostgreSQL's grammar", error.message),
              position_in(text, byte, where));
}

std::string deparse(PgQuery__ParseResult& root) {
  std::vector<std::uint8_t> bytes(pg_query__parse_result__get_packed_size(&root));
  pg_query__parse_result__pack(&root, bytes.data());
  const PgQueryProtobuf packed{bytes.size(), reinterpret_cast<char*>(bytes.data())};
  PgQueryDeparseResult result = pg_query_deparse_protobuf(packed);
  const std::string text = result.query != nullptr ? result.query : "";
  const std::string failure = result.error != nullptr ? result.error->message : "";
  pg_query_free_deparse_result(result);
  if (!failure.empty()) throw Error(ErrorCode::NotSupported, "cannot print the statement: " + failure);
  return text;
}

std::size_t after_blanks(std::string_view text) {
  const auto is_space = [](char c) { return std::string_view(" \t\r\n\f\v;").find(c) != std::string_view::npos; };
  for (std::size_t at = 0; at < text.size();) {
    if (is_space(text[at])) {
      ++at;
    } else if (text.substr(at, 2) == "--") {
      at = std::min(text.find_first_of("\n\r", at), text.size());
    } else if (text.substr(at, 2) == "/*") {
      at = after_comment(text, at);
    } else {
      return at;
    }
  }
  return text.size();
}

}  // namespace

void* Arena::allocate(std::size_t bytes) {
  bytes = (std::max<std::size_t>(bytes, 1) + 15) / 16 * 16;
  if (blocks_.empty() || used_ + bytes > size_) {
    size_ = std::max(kBlockBytes, bytes);
    blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(size_));
    used_ = 0;
  }
  void* memory = blocks_.back().get() + used_;
  used_ += bytes;
  return memory;
}

char* Arena::text(std::string_view text) {
  char* copy = static_cast<char*>(allocate(text.size() + 1));
  std::memcpy(copy, text.data(), text.size());
  copy[text.size()] = '\0';
  return copy;
}

Node* Arena::copy(const Node* node) {
  std::vector<std::uint8_t> bytes(protobuf_c_message_get_packed_size(&node->base));
  protobuf_c_message_pack(&node->base, bytes.data());
  ProtobufCAllocator memory = allocator(*this);
  return reinterpret_cast<Node*>(
      protobuf_c_message_unpack(&pg_query__node__descriptor, &memory, bytes.size(), bytes.data()));
}

Tree::Tree(std::string_view text, const Position& where) : text_(text) {
  check_bytes(text_, where);
  const std::unique_ptr<PgQueryProtobufParseResult, ParseDeleter> result(
      new PgQueryProtobufParseResult(pg_query_parse_protobuf(text_.c_str())));
  if (result->error != nullptr) throw_syntax_error(text_, *result->error, where);
  ProtobufCAllocator memory = allocator(arena_);
  root_ = pg_query__parse_result__unpack(&memory, result->parse_tree.len,
                                         reinterpret_cast<const std::uint8_t*>(result->parse_tree.data));
  MIDFLIGHT_CHECK(root_ != nullptr);
}

std::string_view Tree::sql(std::size_t i) const {
  const PgQuery__RawStmt& raw = *root_->stmts[i];
  std::string_view sql = std::string_view(text_).substr(static_cast<std::size_t>(raw.stmt_location));
  if (raw.stmt_len > 0) sql = sql.substr(0, static_cast<std::size_t>(raw.stmt_len));
  sql.remove_prefix(after_blanks(sql));
  sql = sql.substr(0, sql.find_last_not_of(" \t\r\n\f\v;") + 1);
  return sql;
}

PlaceFinder::PlaceFinder(std::string_view text, const Position& where)
    : text_(text), place_{where.file, std::max(where.line, 1), std::max(where.column, 1)} {}

const Position& PlaceFinder::at(std::size_t byte) {
  MIDFLIGHT_CHECK(byte >= done_);
  for (; done_ < byte && done_ < text_.size(); ++done_) {
    if (text_[done_] == '\n') {
      ++place_.line;
      place_.column = 1;
    } else if ((static_cast<unsigned char>(text_[done_]) & 0xC0U) != 0x80U) {
      ++place_.column;
    }
  }
  return place_;
}

Position position_in(std::string_view text, std::size_t byte, const Position& where) {
  return PlaceFinder(text, where).at(byte);
}

std::string statement_text(Node* statement) {
  Arena arena;
  auto* root = arena.make<PgQuery__ParseResult>(pg_query__parse_result__descriptor);
  auto* raw = arena.make<PgQuery__RawStmt>(pg_query__raw_stmt__descriptor);
  raw->stmt = statement;
  arena.append(root->stmts, root->n_stmts, raw);
  return deparse(*root);
}

std::string expression_text(const Node* expression) {
  Arena arena;
  auto* target = arena.make<PgQuery__ResTarget>(pg_query__res_target__descriptor);
  target->val = const_cast<Node*>(expression);
  auto* item = arena.make<Node>(pg_query__node__descriptor);
  item->node_case = PG_QUERY__NODE__NODE_RES_TARGET;
  item->res_target = target;
  auto* select = arena.make<PgQuery__SelectStmt>(pg_query__select_stmt__descriptor);
  select->op = PG_QUERY__SET_OPERATION__SETOP_NONE;
  select->limit_option = PG_QUERY__LIMIT_OPTION__LIMIT_OPTION_DEFAULT;
  arena.append(select->target_list, select->n_target_list, item);
  auto* statement = arena.make<Node>(pg_query__node__descriptor);
  statement->node_case = PG_QUERY__NODE__NODE_SELECT_STMT;
  statement->select_stmt = select;
  return statement_text(statement).substr(std::string_view("SELECT ").size());
}

void for_each_child(const ProtobufCMessage& message, const std::function<void(ProtobufCMessage&)>& visit) {
  const auto* bytes = reinterpret_cast<const char*>(&message);
  for (unsigned i = 0; i < message.descriptor->n_fields; ++i) {
    const ProtobufCFieldDescriptor& field = message.descriptor->fields[i];
    if (field.type != PROTOBUF_C_TYPE_MESSAGE) continue;
    const char* member = bytes + field.offset;
    const char* quantifier = bytes + field.quantifier_offset;
    if (field.label == PROTOBUF_C_LABEL_REPEATED) {
      const std::size_t count = *reinterpret_cast<const std::size_t*>(quantifier);
      auto* const* elements = *reinterpret_cast<ProtobufCMessage** const*>(member);
      for (std::size_t k = 0; k < count; ++k) visit(*elements[k]);
      continue;
    }
    const bool one_of = (field.flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
    if (one_of && *reinterpret_cast<const std::uint32_t*>(quantifier) != field.id) continue;
    auto* child = *reinterpret_cast<ProtobufCMessage* const*>(member);
    if (child != nullptr) visit(*child);
  }
}

void for_each_message(ProtobufCMessage& message, const std::function<void(ProtobufCMessage&)>& visit) {
  visit(message);
  for_each_child(message, [&](ProtobufCMessage& child) { for_each_message(child, visit); });
}

}  // namespace midflight::sql
