#include "sim/kernel/portable_math.h"

#include "sim/kernel/random.h"

namespace midflight {

double portable_exp(double x) { return portable::exp(x); }
double portable_log(double x) { return portable::log(x); }

}  // namespace midflight
