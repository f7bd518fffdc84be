# A module is a folder. One call declares its sources and what it may use; that list makes the link edges
# and the layering test (tests/layering), which fails on any #include outside it.
#
#   countersign_module(models/base FLAVOUR std SOURCES a.cpp b.cpp USES models/x LINKS PkgConfig::ZLIB)
#
# FLAVOUR says how much Qt the module sees and which precompiled header it shares:
#   std   no Qt at all              core  Qt Core, Sql, Network, Concurrent          gui  and Widgets, Charts, Svg

set(COUNTERSIGN_std_LIBS "")
set(COUNTERSIGN_core_LIBS Qt6::Core Qt6::Sql Qt6::Network Qt6::Concurrent)
set(COUNTERSIGN_gui_LIBS ${COUNTERSIGN_core_LIBS} Qt6::Gui Qt6::Widgets Qt6::Charts Qt6::Svg)

function(countersign_target target flavour)
    target_link_libraries(${target} PRIVATE countersign_options ${COUNTERSIGN_${flavour}_LIBS} Threads::Threads)
    if(NOT flavour STREQUAL "std")
        set_target_properties(${target} PROPERTIES AUTOMOC ON)
    endif()
endfunction()

# One precompiled header per flavour, compiled once and reused by every module of that flavour.
foreach(flavour std core gui)
    add_library(pch_${flavour} STATIC ${CMAKE_CURRENT_LIST_DIR}/pch_${flavour}.cpp)
    countersign_target(pch_${flavour} ${flavour})
    set_target_properties(pch_${flavour} PROPERTIES AUTOMOC OFF)
    target_precompile_headers(pch_${flavour} PRIVATE ${CMAKE_CURRENT_LIST_DIR}/pch_${flavour}.h)
endforeach()

define_property(GLOBAL PROPERTY COUNTERSIGN_LAYERING)

function(countersign_module path)
    cmake_parse_arguments(ARG "" "FLAVOUR" "SOURCES;USES;LINKS" ${ARGN})
    string(REPLACE "/" "_" target ${path})
    add_library(${target} STATIC ${ARG_SOURCES})
    countersign_target(${target} ${ARG_FLAVOUR})
    target_precompile_headers(${target} REUSE_FROM pch_${ARG_FLAVOUR})
    foreach(used ${ARG_USES})
        string(REPLACE "/" "_" used_target ${used})
        target_link_libraries(${target} PUBLIC ${used_target})
    endforeach()
    target_link_libraries(${target} PUBLIC ${ARG_LINKS})
    string(REPLACE ";" " " uses "${ARG_USES}")
    set_property(GLOBAL APPEND PROPERTY COUNTERSIGN_LAYERING "${path}|${ARG_FLAVOUR}|${uses}")
endfunction()

# countersign_program(countersign-cli app/cli FLAVOUR core SOURCES main.cpp USES models/services)
function(countersign_program name path)
    cmake_parse_arguments(ARG "" "FLAVOUR" "SOURCES;USES;LINKS" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    countersign_target(${name} ${ARG_FLAVOUR})
    target_precompile_headers(${name} REUSE_FROM pch_${ARG_FLAVOUR})
    foreach(used ${ARG_USES})
        string(REPLACE "/" "_" used_target ${used})
        target_link_libraries(${name} PRIVATE ${used_target})
    endforeach()
    target_link_libraries(${name} PRIVATE ${ARG_LINKS})
    string(REPLACE ";" " " uses "${ARG_USES}")
    set_property(GLOBAL APPEND PROPERTY COUNTERSIGN_LAYERING "${path}|${ARG_FLAVOUR}|${uses}")
endfunction()

# countersign_test(tst_json FLAVOUR core SOURCES tst_json.cpp USES models/base [TIMEOUT seconds] [LABELS x])
# Every test is a Qt Test program run headless, in UTC, with a profile folder of its own.
function(countersign_test name)
    cmake_parse_arguments(ARG "" "FLAVOUR;TIMEOUT" "SOURCES;USES;LINKS;LABELS;NEEDS" ${ARGN})
    if(NOT ARG_FLAVOUR)
        set(ARG_FLAVOUR core)
    endif()
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 300)
    endif()
    add_executable(${name} ${ARG_SOURCES})
    countersign_target(${name} ${ARG_FLAVOUR})
    target_precompile_headers(${name} REUSE_FROM pch_${ARG_FLAVOUR})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_link_libraries(${name} PRIVATE Qt6::Test ${ARG_LINKS})
    foreach(used ${ARG_USES})
        string(REPLACE "/" "_" used_target ${used})
        target_link_libraries(${name} PRIVATE ${used_target})
    endforeach()
    target_compile_definitions(${name} PRIVATE
        COUNTERSIGN_SHARED_DATA="${CMAKE_SOURCE_DIR}/../shared/data"
        COUNTERSIGN_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
    foreach(program ${ARG_NEEDS})
        add_dependencies(${name} ${program})
    endforeach()
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;TZ=UTC;LC_ALL=C.UTF-8;XDG_CURRENT_DESKTOP=;QT_LOGGING_RULES=qt.qpa.*=false")
endfunction()

function(countersign_write_layering)
    get_property(lines GLOBAL PROPERTY COUNTERSIGN_LAYERING)
    string(REPLACE ";" "\n" text "${lines}")
    file(WRITE ${CMAKE_BINARY_DIR}/layering.txt "${text}\n")
endfunction()
