Attribute VB_Name = "xlwings"
Option Explicit

'Derived from xlwings_custom_addin.bas of xlwings 0.37.8 by kamxl/excel/addin/harden.py: no workbook
'chooses what is run, and nothing of a workbook stands on the command line. Do not edit by hand.

'xlwings is distributed under a BSD 3-clause license.
'
'Copyright (C) 2014-present, Zoomer Analytics LLC.
'All rights reserved.
'
'Redistribution and use in source and binary forms, with or without modification,
'are permitted provided that the following conditions are met:
'
'* Redistributions of source code must retain the above copyright notice, this
'  list of conditions and the following disclaimer.
'
'* Redistributions in binary form must reproduce the above copyright notice, this
'  list of conditions and the following disclaimer in the documentation and/or
'  other materials provided with the distribution.
'
'* Neither the name of the copyright holder nor the names of its
'  contributors may be used to endorse or promote products derived from
'  this software without specific prior written permission.
'
'THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND
'ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED
'WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
'DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR
'ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES
'(INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES;
'LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON
'ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT
'(INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS
'SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.

Public Const PROJECT_NAME As String = "kamxl-addin"

Public Function RunPython(PythonCommand As String)
    ' Presses a button on Windows, with the interpreter that "kamxl addin install" wrote down.
    On Error GoTo err_handling

    RunPython = ExecuteWindows(PythonCommand, GetConfig("INTERPRETER_WIN"))
    Exit Function

err_handling:
    KamxlTell "blocked", Err.Description
    RunPython = -1
End Function


Sub ExecuteMac(ParameterString As String)
    #If Mac Then
    Dim ExitCode As String

    On Error GoTo AppleScriptErrorHandler
        ExitCode = AppleScriptTask("kamxl.applescript", "Press", ParameterString)
    On Error GoTo 0

    If ExitCode = "missing" Then KamxlTell "missing"
    Exit Sub

AppleScriptErrorHandler:
    KamxlTell "script", Err.Description
    #End If
End Sub

Function ExecuteWindows(PythonCommand As String, PYTHON_WIN As String) As Integer
    ' Call a command window and change to the directory of the Python installation
    ' Note: If Python is called from a different directory with the fully qualified path, pywintypesXX.dll won't be found.
    ' This seems to be a general issue with pywin32, see http://stackoverflow.com/q/7238403/918626
    Dim WaitOnReturn As Boolean: WaitOnReturn = True
    Dim WindowStyle As Integer: WindowStyle = 0
    Dim DriveCommand As String, RunCommand As String, PythonDir As String
    Dim ExitCode As Long
    Dim LOG_FILE As String
    
    ' Excel waits for Python, so one log per window is enough.
    LOG_FILE = Environ("Temp") & "\kamxl-" & Application.Hwnd & ".log"

    ' Only a full path: any other would be looked for in the folder last opened, which may be an outsider's.
    If Not (PYTHON_WIN Like "[A-Za-z]:\*" Or Left$(PYTHON_WIN, 2) = "\\") Then PYTHON_WIN = ""
    If Not FileExists(PYTHON_WIN) Then
        KamxlTell "missing", PYTHON_WIN
        ExecuteWindows = -1
        Exit Function
    End If
    PythonDir = ParentFolder(PYTHON_WIN)

    If Left$(PYTHON_WIN, 2) Like "[A-Za-z]:" Then
        ' If Python is installed on a mapped or local drive, change to drive, then cd to path
        DriveCommand = Left$(PYTHON_WIN, 2) & " & cd """ & PythonDir & """ & "
    ElseIf Left$(PYTHON_WIN, 2) = "\\" Then
        ' If Python is installed on a UNC path, temporarily mount and activate a drive letter with pushd
        DriveCommand = "pushd """ & PythonDir & """ & "
    End If

    ' Run kamxl (the standalone program takes the same words) without the current folder on its path (-P).
    ' Which Excel asked is all it is told. Redirect stderr to the LOG_FILE and wait for the call to return.

    RunCommand = Chr(34) & PYTHON_WIN & Chr(34) & " -P -m kamxl --kamxl-press " & PythonCommand

    ' cmd.exe by its full path, for the same reason as Python
    ExitCode = WScript.Run(Environ("SystemRoot") & "\System32\cmd.exe /C " & DriveCommand & _
                       RunCommand & " --hwnd=" & Application.Hwnd & _
                       " 2> """ & LOG_FILE & """", _
                       WindowStyle, WaitOnReturn)

    ' Python itself tells what it did, or why it could not; here is only what kept it from starting
    If ExitCode <> 0 Or FileSize(LOG_FILE) > 0 Then
        KamxlTell "broken", LOG_FILE
        ExecuteWindows = -1
    Else
        RemoveFile LOG_FILE
    End If
End Function

Function GetConfigFilePath() As String
    GetConfigFilePath = Environ("USERPROFILE") & "\." & PROJECT_NAME & "\" & PROJECT_NAME & ".conf"
End Function

Function GetConfig(configKey As String) As String
    ' From the user's own configuration, else from that for all users; empty if neither says
    Dim configValue As String
    If GetConfigFromFile(GetConfigFilePath(), configKey, configValue) Then
        GetConfig = configValue
    ElseIf GetConfigFromFile(GetMachineConfigFilePath(), configKey, configValue) Then
        GetConfig = configValue
    End If
End Function

Function GetMachineConfigFilePath() As String
    ' Only administrators write there. A 32-bit Excel knows the folder by another name.
    Dim Programs As String
    Programs = Environ("ProgramW6432")
    If Programs = "" Then Programs = Environ("ProgramFiles")
    GetMachineConfigFilePath = Programs & "\" & PROJECT_NAME & "\" & PROJECT_NAME & ".conf"
End Function

Function GetConfigFromFile(sFile As String, sName As String, Optional sValue As String) As Boolean
'Based on http://peltiertech.com/save-retrieve-information-text-files/

  Dim sLine As Variant, sStart As String

  ' assume false unless variable is found
  GetConfigFromFile = False

  ' open text file to read settings
  If FileExists(sFile) Then
    ' A line is "name","value"; whatever else stands there, blank lines among it, is passed over
    sStart = Chr(34) & LCase$(sName) & Chr(34) & "," & Chr(34)
    For Each sLine In Split(Replace(ReadFile(sFile), vbCr, ""), vbLf)
      sLine = Trim$(sLine)
      If Left$(LCase$(sLine), Len(sStart)) = sStart And Right$(sLine, 1) = Chr(34) And Len(sLine) > Len(sStart) Then
        sValue = Mid$(sLine, Len(sStart) + 1, Len(sLine) - Len(sStart) - 1)
        GetConfigFromFile = True
        Exit For
      End If
    Next sLine
  End If

End Function

Function WScript(Optional CreateNew As Boolean) As Object
  Static Value As Object
  If CreateNew Or Value Is Nothing Then Set Value = CreateObject("WScript.Shell")
  Set WScript = Value
End Function

Function FileExists(ByVal FileSpec As String) As Boolean
    FileExists = FileExistsOnWindows(FileSpec)
End Function

Function FileExistsOnWindows(ByVal FileSpec As String) As Boolean
   ' by Karl Peterson MS MVP VB
   Dim Attr As Long
   ' Guard against bad FileSpec by ignoring errors
   ' retrieving its attributes.
   On Error Resume Next
   Attr = GetAttr(FileSpec)
   If Err.Number = 0 Then
      ' No error, so something was found.
      ' If Directory attribute set, then not a file.
      FileExistsOnWindows = Not ((Attr And vbDirectory) = vbDirectory)
   End If
End Function

Function ParentFolder(ByVal Folder)
  ParentFolder = Left$(Folder, InStrRev(Folder, "\") - 1)
End Function

Function ReadFile(ByVal FileName As String)
    ' Read a text file

    Dim Content As String
    Dim Token As String
    Dim FileNum As Integer

    FileNum = FreeFile
    Content = ""

    ' Read Text File
    Open FileName For Input As #FileNum
        Do While Not EOF(FileNum)
            Line Input #FileNum, Token
            Content = Content & Token & vbCrLf
        Loop
    Close #FileNum

    ReadFile = Content
End Function

Function FileSize(ByVal FileName As String) As Long
    ' In bytes; a file that is not there has none
    On Error Resume Next
    FileSize = FileLen(FileName)
End Function

Sub RemoveFile(ByVal FileName As String)
    On Error Resume Next
    Kill FileName
End Sub
