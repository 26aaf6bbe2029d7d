# A wheel around a module and a command that are built already: the tests pack
# and install one without compiling everything again.
#
#   pip wheel . --config-settings cmake.define.MIDFLIGHT_PREBUILT=/path/of/build
file(GLOB modules ${MIDFLIGHT_PREBUILT}/python/midflight/_core*.so)
install(FILES ${modules} DESTINATION midflight COMPONENT python)
install(PROGRAMS ${MIDFLIGHT_PREBUILT}/midflight DESTINATION ${SKBUILD_SCRIPTS_DIR} COMPONENT python)
add_custom_target(midflight)
add_custom_target(midflight_python)
