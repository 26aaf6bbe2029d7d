#pragma once

#include <string>
#include <vector>

namespace midflight::live {

inline constexpr int kFirstMajor = 12;
inline constexpr int kLastMajor = 99;

/// One statement of the corpus; README.md says what each header line means.
struct Case {
  std::string family, name;
  std::string place;  ///< "indexes.sql:12"
  int since = kFirstMajor, until = kLastMajor;
  std::vector<std::string> setup;     ///< each is one call to the server
  std::vector<std::string> blockers;  ///< tables
  std::string fails;                  ///< SQLSTATE
  std::string refused;                ///< words of the reason
  std::string sql;                    ///< without the semicolon at its end

  std::string title() const { return family + "/" + name; }
  bool runs_on(int major) const { return since <= major && major <= until; }
};

struct Family {
  std::string name;
  std::string setup;
  std::vector<Case> cases;
};

/// Reads one file.  Errors: Error(BadInput) with its line for a header that is
/// not known or stands twice, a name that stands twice, a case without statement.
Family read_family(const std::string& name, const std::string& text);

/// Every *.sql of the folder, by name.  Errors: as above.
std::vector<Family> read_corpus(const std::string& folder);

}  // namespace midflight::live
