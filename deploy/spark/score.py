"""Scores rows on Spark: spark-submit score.py ROWS.jsonl FOLDER

Each partition's rows, lines of JSON, go through one process of rnnlm. The tool, .NET and model.zip must be on each worker (--archives,
or an image). Results are in the order of the rows."""
import sys

from pyspark.sql import SparkSession

rows, folder = sys.argv[1:]
spark = SparkSession.builder.appName("rnnlm score").getOrCreate()
# checkCode fails a partition whose process fails, so that Spark repeats it.
command = "rnnlm score model.zip - --jsonl --threads 1"
spark.sparkContext.textFile(rows).pipe(command, checkCode=True).saveAsTextFile(folder)
