#pragma once

#include <string>
#include <string_view>

namespace midflight::backends {

/// A query over the catalogs with two names in front of it: `ours`, the
/// schemas that are not the server's own, and `guests`, the members of
/// extensions, which come with their extension.
std::string catalogue_query(std::string_view select);

/// The options of a sequence as an expression over pg_sequence `s`; what is default is left out.
inline constexpr std::string_view kSequenceOptions = R"sql(
  CASE WHEN s.seqtypid <> 'bigint'::regtype AND %1 THEN ' AS ' || format_type(s.seqtypid, NULL) ELSE '' END
  || CASE WHEN s.seqincrement <> 1 THEN ' INCREMENT BY ' || s.seqincrement ELSE '' END
  || CASE WHEN s.seqmin <> 1 OR s.seqincrement < 0 THEN ' MINVALUE ' || s.seqmin ELSE '' END
  || CASE WHEN s.seqincrement < 0 OR s.seqmax <> CASE s.seqtypid WHEN 'smallint'::regtype THEN 32767
       WHEN 'integer'::regtype THEN 2147483647 ELSE 9223372036854775807 END THEN ' MAXVALUE ' || s.seqmax ELSE '' END
  || CASE WHEN s.seqstart <> 1 OR s.seqincrement < 0 THEN ' START WITH ' || s.seqstart ELSE '' END
  || CASE WHEN s.seqcache <> 1 THEN ' CACHE ' || s.seqcache ELSE '' END
  || CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END)sql";

/// kSequenceOptions for a sequence of its own, or for an identity column, whose type says the sequence's.
std::string sequence_options(bool with_type);

}  // namespace midflight::backends
