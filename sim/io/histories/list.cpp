#include "sim/io/histories/framework.h"

namespace midflight::io {

const std::vector<const Framework*>& frameworks() {
  // What a file says of itself comes before what its name looks like.
  static const std::vector<const Framework*> list = {&kDbmate, &kGoose,  &kSqlMigrate, &kSqitch, &kPrisma, &kDiesel,
                                                     &kGolangMigrate, &kFlyway, &kRails, &kDjango, &kPlain};
  return list;
}

std::vector<std::string_view> framework_names() {
  std::vector<std::string_view> names;
  for (const Framework* framework : frameworks()) names.push_back(framework->name);
  return names;
}

}  // namespace midflight::io
