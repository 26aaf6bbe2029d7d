#include <gtest/gtest.h>

#include "sim/model/operation.h"
#include "sim/model/partition_indexes.h"

namespace midflight {
namespace {

Table table(const std::string& name, const std::vector<std::string>& columns) {
  Table out;
  out.name = name;
  for (const std::string& column : columns) {
    out.columns.emplace_back();
    out.columns.back().name = column;
    out.columns.back().type = "integer";
  }
  return out;
}

Table partition(const std::string& name, const std::string& of) {
  Table out = table(name, {"id"});
  out.parents = {of};
  out.bound = "DEFAULT";
  return out;
}

/// p with partitions p1 and p2.
Schema partitioned() {
  Schema schema;
  schema.tables = {table("p", {"id"}), partition("p1", "p"), partition("p2", "p")};
  schema.tables[0].kind = TableKind::Partitioned;
  return schema;
}

Index index(const std::string& name, const std::string& on) {
  Index out;
  out.name = name;
  out.table = on;
  out.columns = {"id"};
  return out;
}

TEST(ApplyIndex, AnIndexOfAPartitionedTableIsOneOnEach) {
  Schema schema = partitioned();
  EXPECT_EQ(apply(CreateIndex{index("i", "p")}, schema), "");
  EXPECT_EQ(indexes_below(schema, "i"), (std::vector<std::string>{"p1_id_idx", "p2_id_idx"}));
  EXPECT_EQ(apply(DropIndex{"p1_id_idx"}, schema), "cannot drop index p1_id_idx because index i requires it");
  EXPECT_EQ(apply(DropIndex{"i"}, schema), "");
  EXPECT_EQ(schema.index("p1_id_idx"), nullptr);
}

TEST(ApplyIndex, AnIndexOfTheParentOnlyIsValidOnceAllPartsAreAttached) {
  Schema schema = partitioned();
  CreateIndex create{index("i", "p")};
  create.only = true;
  EXPECT_EQ(apply(create, schema), "");
  EXPECT_EQ(apply(CreateIndex{index("a", "p1")}, schema) + apply(CreateIndex{index("b", "p2")}, schema), "");
  EXPECT_EQ(apply(AttachIndex{"i", "a"}, schema), "");
  EXPECT_FALSE(schema.index("i")->valid);
  EXPECT_EQ(apply(AttachIndex{"i", "b"}, schema), "");
  EXPECT_TRUE(schema.index("i")->valid);
  EXPECT_EQ(apply(AttachIndex{"a", "b"}, schema), "cannot attach index \"b\" as a partition of index \"a\"");
}

TEST(ApplyIndex, NothingConcurrentOnAPartitionedTable) {
  Schema schema = partitioned();
  EXPECT_EQ(apply(CreateIndex{index("i", "p"), true}, schema), "cannot create index on partitioned table \"p\" concurrently");
  EXPECT_EQ(apply(CreateIndex{index("i", "p")}, schema), "");
  EXPECT_EQ(apply(DropIndex{"i", true}, schema), "cannot drop partitioned index \"i\" concurrently");
}

TEST(ApplyIndex, AnIndexIsFoundWithItsSchema) {
  Schema schema;
  schema.tables = {table("s.t", {"id"})};
  EXPECT_EQ(apply(CreateIndex{index("i", "s.t")}, schema), "");
  EXPECT_EQ(schema.index("s.i")->relation(), "s.i");
  EXPECT_EQ(apply(RenameIndex{"s.i", "j"}, schema), "");
  EXPECT_EQ(apply(DropIndex{"s.j"}, schema), "");
  EXPECT_TRUE(schema.tables[0].indexes.empty());
}

TEST(ApplyIndex, ReindexMakesAnIndexValid) {
  Schema schema = partitioned();
  Index broken = index("i", "p1");
  broken.valid = false;
  EXPECT_EQ(apply(CreateIndex{broken}, schema), "");
  EXPECT_EQ(apply(Reindex{ReindexScope::Table, "p1", true}, schema), "");
  EXPECT_FALSE(schema.index("i")->valid);  // which REINDEX TABLE CONCURRENTLY passes over
  EXPECT_EQ(apply(Reindex{ReindexScope::Index, "i"}, schema), "");
  EXPECT_TRUE(schema.index("i")->valid);
}

TEST(ApplyType, LabelsKeepTheirOrder) {
  Schema schema;
  EXPECT_EQ(apply(CreateEnum{{"mood", {"sad", "glad"}}}, schema), "");
  EXPECT_EQ(apply(ChangeEnum{"mood", "calm", "", "glad", false}, schema), "");
  EXPECT_EQ(apply(ChangeEnum{"mood", "low", "sad"}, schema), "");
  EXPECT_EQ(schema.enums[0].labels, (std::vector<std::string>{"low", "calm", "glad"}));
  EXPECT_EQ(apply(ChangeEnum{"mood", "calm"}, schema), "enum label \"calm\" already exists");
  EXPECT_EQ(apply(ChangeEnum{"mood", "x", "", "y"}, schema), "\"y\" is not an existing enum label");
}

TEST(ApplyType, DroppingATypeTakesItsColumnsWithCascade) {
  Schema schema;
  schema.tables = {table("t", {"id", "m"})};
  schema.tables[0].columns[1].type = "mood";
  schema.enums = {{"mood", {"a"}}};
  EXPECT_EQ(apply(DropType{"mood"}, schema), "cannot drop type mood because other objects depend on it");
  EXPECT_EQ(apply(DropType{"mood", false, true}, schema), "");
  EXPECT_EQ(schema.tables[0].columns.size(), 1U);
}

TEST(ApplyType, DomainConstraintsGetNames) {
  Schema schema;
  schema.domains = {{"d", "integer"}};
  const AlterDomain add{"d", DomainChange::AddConstraint};
  EXPECT_EQ(apply(add, schema) + apply(add, schema), "");
  EXPECT_EQ(schema.domains[0].constraints[1].name, "d_check1");
  AlterDomain drop{"d", DomainChange::DropConstraint};
  drop.constraint.name = "nothing";
  EXPECT_EQ(apply(drop, schema), "constraint \"nothing\" of domain \"d\" does not exist");
}

TEST(ApplyObject, ASequenceInUseStaysWithoutCascade) {
  Schema schema;
  schema.tables = {table("t", {"id"})};
  schema.tables[0].columns[0].default_sql = "nextval('s'::regclass)";
  EXPECT_EQ(apply(CreateSequence{{"s", "", ""}}, schema), "");
  EXPECT_EQ(apply(DropSequence{"s"}, schema), "cannot drop sequence s because other objects depend on it");
  EXPECT_EQ(apply(DropSequence{"s", false, true}, schema), "");
  EXPECT_FALSE(schema.tables[0].columns[0].default_sql.has_value());
}

TEST(ApplyObject, RefreshConcurrentlyNeedsAUniqueIndex) {
  Schema schema;
  schema.tables = {table("m", {"id"})};
  EXPECT_EQ(apply(RefreshView{"m"}, schema), "\"m\" is not a materialized view");
  schema.tables[0].kind = TableKind::MaterializedView;
  EXPECT_EQ(apply(RefreshView{"m", true}, schema), "cannot refresh materialized view \"m\" concurrently");
  Index unique = index("u", "m");
  unique.unique = true;
  EXPECT_EQ(apply(CreateIndex{unique}, schema), "");
  EXPECT_EQ(apply(RefreshView{"m", true}, schema), "");
}

TEST(ApplyObject, ClusterGoesByTheIndexItRemembers) {
  Schema schema;
  schema.tables = {table("t", {"id"})};
  EXPECT_EQ(apply(CreateIndex{index("i", "t")}, schema), "");
  EXPECT_EQ(apply(Maintenance{MaintenanceKind::Cluster, {"t"}}, schema), "there is no previously clustered index for table \"t\"");
  EXPECT_EQ(apply(RelationSetting{"t", SettingKind::ClusterOn, "i"}, schema), "");
  EXPECT_EQ(apply(Maintenance{MaintenanceKind::Cluster, {"t"}}, schema), "");
}

TEST(ApplyObject, ASchemaGoesWithWhatItHolds) {
  Schema schema;
  schema.tables = {table("s.t", {"id"}), table("t", {"id"})};
  schema.schemas = {"public", "s"};
  EXPECT_EQ(apply(DropSchema{"s"}, schema), "cannot drop schema s because other objects depend on it");
  EXPECT_EQ(apply(RenameSchema{"s", "r"}, schema), "");
  EXPECT_EQ(apply(DropSchema{"r", false, true}, schema), "");
  ASSERT_EQ(schema.tables.size(), 1U);
  EXPECT_EQ(schema.tables[0].name, "t");
}

TEST(ApplyTable, NoTableLiesBelowItself) {
  Schema schema;
  schema.tables = {table("t", {"id"}), table("low", {"id"}), table("p", {"id"})};
  schema.table("p")->kind = TableKind::Partitioned;
  const std::string circle = "circular inheritance not allowed";
  EXPECT_EQ(apply(ChangeInheritance{"low", "t"}, schema), "");
  EXPECT_EQ(apply(ChangeInheritance{"t", "low"}, schema), circle);
  EXPECT_EQ(apply(ChangeInheritance{"t", "t"}, schema), circle);
  EXPECT_EQ(apply(AttachPartition{"p", "p", "DEFAULT"}, schema), circle);
  EXPECT_EQ(apply(AttachPartition{"p", "low", "DEFAULT"}, schema), "cannot attach inheritance child as partition");
}

TEST(ApplyObject, ASchemaIsThereFromItsCreationToItsDrop) {
  Schema schema;
  const std::string missing = "schema \"s\" does not exist";
  EXPECT_EQ(apply(CreateTable{table("s.t", {"id"})}, schema), missing);
  EXPECT_EQ(apply(CreateSequence{{"s.n", "", ""}}, schema), missing);
  EXPECT_EQ(apply(DropSchema{"s"}, schema), missing);
  EXPECT_EQ(apply(DropSchema{"s", true}, schema), "");
  EXPECT_EQ(apply(CreateSchema{"s"}, schema), "");
  EXPECT_EQ(apply(CreateSchema{"s"}, schema), "schema \"s\" already exists");
  EXPECT_EQ(apply(CreateSchema{"s", true}, schema), "");
  EXPECT_EQ(apply(CreateTable{table("s.t", {"id"})}, schema), "");
  EXPECT_EQ(apply(RenameSchema{"s", "public"}, schema), "schema \"public\" already exists");
  EXPECT_EQ(apply(RenameSchema{"s", "r"}, schema), "");
  EXPECT_EQ(apply(SetSchema{"r.t", "s"}, schema), missing);
  EXPECT_EQ(apply(DropSchema{"r", false, true}, schema), "");
  EXPECT_EQ(schema.schemas, std::vector<std::string>{"public"});
}

TEST(ApplyObject, TheServersOwnSchemasAreAlwaysThere) {
  Schema schema;
  EXPECT_EQ(apply(CreateTable{table("pg_temp.t", {"id"})}, schema), "");
}

TEST(ApplyTrigger, AFunctionTakesItsTriggersAlong) {
  Schema schema;
  schema.tables = {table("t", {"id"})};
  EXPECT_EQ(apply(CreateTrigger{{"g", "t", "f"}}, schema), "");
  EXPECT_EQ(apply(CreateTrigger{{"g", "t", "f"}}, schema), "trigger \"g\" for relation \"t\" already exists");
  EXPECT_EQ(apply(RenameTrigger{"t", "g", "h"}, schema), "");
  EXPECT_EQ(apply(DropFunction{"f"}, schema), "cannot drop function f() because other objects depend on it");
  EXPECT_EQ(apply(DropFunction{"f", false, true}, schema), "");
  EXPECT_TRUE(schema.triggers.empty());
}

}  // namespace
}  // namespace midflight
