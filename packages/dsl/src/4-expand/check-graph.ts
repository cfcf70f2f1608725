import type { CellExpression, TaskGraph } from "./task-graph.ts";

/**
 * What every graph must hold to, whatever the program; what it breaks, in words. Ids and labels are unique, every input
 * exists and stands before the task that takes it (so there is no circle), and cells name tasks of the graph.
 */
export function checkGraph(graph: TaskGraph): readonly string[] {
  const problems: string[] = [];
  const ids = new Set<string>();
  const labels = new Set<string>();
  for (const task of graph.tasks) {
    for (const [name, input] of Object.entries(task.inputs)) {
      if (!ids.has(input)) problems.push(`${task.id} takes ${name} from ${input}, which is not before it`);
    }
    if (ids.has(task.id)) problems.push(`two tasks have the id ${task.id}`);
    if (labels.has(task.label)) problems.push(`two tasks have the label ${task.label}`);
    ids.add(task.id);
    labels.add(task.label);
  }
  for (const table of graph.tables) {
    for (const cell of table.cells) {
      const named = [...tasksOf(cell.value), ...(cell.compared === undefined ? [] : [cell.compared.task])];
      const missing = named.filter((id) => !ids.has(id));
      problems.push(...missing.map((id) => `the table "${table.title}" names ${id}, which is no task`));
    }
  }
  return problems;
}

function tasksOf(expression: CellExpression): readonly string[] {
  return expression.kind === "scores" ? expression.tasks : expression.arguments.flatMap(tasksOf);
}
